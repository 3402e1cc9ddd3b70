"""The dispatcher's desk: the live board of a region's day, planning, publishing, moving visits, taking in tickets."""
