"""The uploader: files go straight to disk through our own route, never whole through memory."""
