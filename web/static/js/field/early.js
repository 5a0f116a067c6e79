/**
 * Written into the head of the page, so that it runs before anything else is there: the phone is
 * asked where it is, and the server what is near; meanwhile the page comes. A classic script.
 */
(() => {
  const options = { enableHighAccuracy: true, timeout: 12_000, maximumAge: 15_000 };
  const metre = (degrees) => Math.round(degrees * 1e5) / 1e5; // no more is said than is needed
  const here = new Promise((done, failed) => {
    if (isSecureContext && navigator.geolocation) navigator.geolocation.getCurrentPosition(done, failed, options);
    else failed(null);
  });
  const reply = here.then(({ coords: { longitude, latitude, accuracy } }) => fetch(`/api/${document.documentElement.dataset.district}/field`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": document.querySelector('meta[name="csrf"]').content },
    body: JSON.stringify({ lon: metre(longitude), lat: metre(latitude), accuracy: Math.ceil(accuracy) }),
  }));
  for (const one of [here, reply]) one.catch(() => {}); // the page tells it
  globalThis.early = { options, here, reply };
})();
