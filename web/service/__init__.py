"""The service on live data: an application over a store, its pages and its API."""
