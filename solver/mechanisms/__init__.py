"""What has state along a tour, native to the kernels."""
