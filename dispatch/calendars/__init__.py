"""Which hours are worked, and how much of them lies between two moments.

A calendar is data (:mod:`dispatch.calendars.read`): round the clock, or working days with spans of hours, statutory holidays and
make-up working days. What can be asked of one stands in :mod:`dispatch.calendars.working_time`.
"""
