"""The cache is a convenience: when it cannot be reached, every key is a miss and no page fails."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    def _try(self, method: str, fallback, *args, **kwargs):
        try:
            return getattr(super(), method)(*args, **kwargs)
        except (RedisError, OSError) as error:
            logger.warning("The cache cannot be reached (%s); going on without it.", error)
            return fallback

    def get(self, key, default=None, version=None):
        return self._try("get", default, key, default, version)

    def get_many(self, keys, version=None):
        return self._try("get_many", {}, keys, version)

    def has_key(self, key, version=None):
        return self._try("has_key", False, key, version)

    def add(self, *args, **kwargs):
        return self._try("add", True, *args, **kwargs)

    def set(self, *args, **kwargs):
        return self._try("set", None, *args, **kwargs)

    def set_many(self, *args, **kwargs):
        return self._try("set_many", [], *args, **kwargs)

    def touch(self, *args, **kwargs):
        return self._try("touch", False, *args, **kwargs)

    def delete(self, *args, **kwargs):
        return self._try("delete", False, *args, **kwargs)

    def delete_many(self, *args, **kwargs):
        return self._try("delete_many", None, *args, **kwargs)

    def incr(self, key, delta=1, version=None):
        return self._try("incr", delta, key, delta, version)

    def clear(self):
        return self._try("clear", False)
