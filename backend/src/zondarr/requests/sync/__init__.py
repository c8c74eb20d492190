"""Reads the requests of the connected Seerr.

workflow    starts syncs, and the order of the steps
steps       the steps: look, read, check, publish
counts      tells from Seerr's own counts whether all changes were seen
publishing  writes a snapshot in one transaction
linking     requests to titles, requesters to people
lookups     names and dates of titles
daily       the job
"""
