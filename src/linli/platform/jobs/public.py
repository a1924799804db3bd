"""What others use of the jobs."""

from linli.platform.jobs.health import Health, health
from linli.platform.jobs.registry import Job, all_jobs, batches, every, job

__all__ = ["Health", "Job", "all_jobs", "batches", "every", "health", "job"]
