"""The public site: static pages of an edition. Invariant: made from a `PublicEdition` alone, the same bytes each time; nothing in it is
fetched from elsewhere, and it works from a folder as from a server.
"""

from gavah.publish.site.build import site_files
from gavah.publish.site.single import single_file

__all__ = ["single_file", "site_files"]
