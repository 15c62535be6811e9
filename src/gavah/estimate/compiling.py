"""Compiled functions. Invariant: a machine without a folder to write to compiles at each start and answers the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compiled at first use, kept on disk (beside the source, else in the user's cache folder, else not at all), and run
    without Python's global lock; division by zero gives inf or NaN as in numpy.
    """
    try:
        return cast(Function, njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # numba finds no folder it may write to
        return cast(Function, njit(nogil=True, error_model="numpy")(function))
