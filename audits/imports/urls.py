"""Addresses of the import, below those of audits."""

from audits.imports.views import AuditImportPages

urlpatterns = AuditImportPages().urls()
