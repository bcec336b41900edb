"""The one answer that every door renders: how a workspace's accounts compare, on one network, over one period."""
