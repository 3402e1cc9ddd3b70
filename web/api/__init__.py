"""The API for programs, under ``/api/v1``: what may be sent and what comes back are the shapes; the services do the rest."""
