"""Keeps everything that env.py and the migrations do on the scratch database."""
