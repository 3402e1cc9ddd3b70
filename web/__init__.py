"""The thin floor: command line and pages."""
