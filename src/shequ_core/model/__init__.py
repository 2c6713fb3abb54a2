"""Facts by subject: frozen records that hold no number of the law."""
