"""How days and times are written, by language (`FORMAT_MODULE_PATH`); what is not said here is Django's."""
