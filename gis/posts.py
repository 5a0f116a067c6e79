"""The posts (职务) that members and stations take: what each may serve, and how much of it."""

from dataclasses import dataclass

from gis import errors

AREA, BUILDING, STATION = "area", "building", "station"


@dataclass(frozen=True, slots=True)
class Post:
    """A post: the targets it may serve, and the households a holder should have.

    ``alone``: a target has one holder at a time; so say the constraints of app.assignment too.
    ``households`` is a range, None where any number will do.
    """

    code: str
    targets: tuple[str, ...]
    alone: bool = False
    households: tuple[int, int] | None = None


POSTS = {
    post.code: post
    for post in (
        Post("grid_member", (AREA,), alone=True, households=(300, 500)),
        Post("building_head", (BUILDING,), alone=True),
        Post("secretary", (AREA,)),
        Post("community_worker", (AREA, STATION)),
        Post("volunteer", (AREA, BUILDING, STATION)),
        Post("party_member", (AREA,)),
        Post("cadre", (AREA,)),
        Post("station", (AREA, BUILDING)),
    )
}
MEMBER_POSTS = tuple(code for code in POSTS if code != "station")


def post(code: str) -> Post:
    """Return the post of a code.

    Raises
    ------
    BadInput
        There is none; the error lists those there are.
    """
    if code not in POSTS:
        raise errors.BadInput("no_post", role=code, known="、".join(POSTS))
    return POSTS[code]


def of_member(code: str) -> Post:
    """Return a post that a person may take.

    Raises
    ------
    BadInput
        There is none of that code, or only stations take it.
    """
    if code not in MEMBER_POSTS:
        raise errors.BadInput("no_post", role=code, known="、".join(MEMBER_POSTS))
    return POSTS[code]
