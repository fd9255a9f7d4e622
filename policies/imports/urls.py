"""Addresses of the import, below those of documents."""

from policies.imports.views import DocumentImportPages

urlpatterns = DocumentImportPages().urls()
