"""The ground floor: integers in, routes out."""
