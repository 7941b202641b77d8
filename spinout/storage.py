from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names hold a hash of the content and may be cached for ever, also where one script imports another."""

    support_js_module_import_aggregation = True
