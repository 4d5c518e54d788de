"""Triangles to pixels, compiled: the sole home of Numba.

The compiled kernels are kept on disk beside these files, so that only the first clip after an
installation waits for the compiler (some ten seconds). Numba looks only at the file of a kernel
when it decides whether the kept code is still good: whoever edits a kernel that other files call
deletes ``__pycache__`` here.
"""
