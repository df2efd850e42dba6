#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs the wire tests of one subject: run.py SUBJECT [CLASS.TEST]... with HELO_FILTER naming the filter's binary."""

import sys

import bench

bench.main([sys.argv[0], f"subject_{sys.argv[1]}", *sys.argv[2:]])
