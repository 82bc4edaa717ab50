"""Benchmarks: how fast groupcore is, told as ratios within one run. See README.md."""
