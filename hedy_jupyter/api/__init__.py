"""HTTP with Hedy: requests, answers, rate limit, retries. No pandas and no IPython."""
