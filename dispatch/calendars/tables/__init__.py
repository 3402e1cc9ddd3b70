"""The calendars that come with the program, as data."""
