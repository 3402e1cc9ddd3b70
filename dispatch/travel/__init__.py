"""How long and how far it is between points: one protocol, one file for each provider.

Every provider answers :class:`~dispatch.travel.travel_times.TravelTimes` and passes the contract test they share.
Points are WGS-84 throughout; what comes in another coordinate system is converted at the door, by
:mod:`dispatch.domain.coordinates`.
"""
