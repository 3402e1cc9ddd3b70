"""Where a ticket is: from an address, or less, to a point, and how far to trust it.

:func:`dispatch.places.locate.locate` tries, in this order, the customer's known site, the row's own coordinates, a
geocoder when one is configured, the centre of the district that the address names, and the region's centre. It always
answers, with how the point was found, whether it is approximate, and what is in doubt. It stores nothing and asks no
service of its own accord: conversion of coordinates, geocoder and cache are given by the caller.
"""
