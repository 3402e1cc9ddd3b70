"""What every rule is given and gives back: the context it lowers in, the visits it reads, the lines it writes."""
