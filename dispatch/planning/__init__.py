"""Plan a request: snapshot to request, request to problem, solution to plan."""
