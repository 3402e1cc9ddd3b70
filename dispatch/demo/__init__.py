"""The demonstration: sheets of a realistic day, and the road that they take to a published plan."""
