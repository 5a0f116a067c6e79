/** Whether a building has a station within some minutes, as an edit tells of it. No browser. */

export function isServed({ after }, minutes) {
  return after !== null && after <= minutes;
}
