"""Use cases, one a file: plain functions that pages, API and command line call alike."""
