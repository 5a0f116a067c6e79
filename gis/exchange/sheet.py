"""What a file holds before anything is understood of it: headings, cells, shapes, line numbers."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as its file has it.

    ``columns`` are the cells by heading, in the order of the file; ``line`` is where a reader finds
    each row (a row of the spreadsheet, a line of the text, a number of the feature, from 1 on);
    ``shape`` are shapely geometries in the file's own coordinates, None where the format has none.
    """

    columns: dict[str, list[Any]]
    line: NDArray[np.int64]
    shape: NDArray[np.object_] | None = None
    encoding: str = ""
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.line)
