"""Pages of files."""

from foundation.files.views.adding import FilesAdd, VersionAdd
from foundation.files.views.changing import FileEdit, FileWithdraw
from foundation.files.views.reading import FileDownload, FilePage, FilePicture

__all__ = ["FileDownload", "FileEdit", "FilePage", "FilePicture", "FileWithdraw", "FilesAdd", "VersionAdd"]
