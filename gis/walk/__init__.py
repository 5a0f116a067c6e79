"""The walking network: import, edges, access points, pack and kernels."""
