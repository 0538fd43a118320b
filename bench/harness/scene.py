"""The servers of one row, with a mock upstream of their own; all gone when the row is done."""
import contextlib
import dataclasses
import pathlib
import tempfile

from harness import servers


@dataclasses.dataclass
class Scene:
    directory: pathlib.Path
    mock: servers.Server
    nginx: servers.Server | None
    gateway: servers.Server

    def body_file(self, row):
        file = self.directory / f"body{row.number}.json"
        if not file.exists():
            file.write_bytes(row.body)
        return file


@contextlib.contextmanager
def scene(build, server_cores, load_cores, mock=None, edit=None, nginx=True):
    """`mock` are options of the mock upstream; `edit` may change the gateway's config."""
    with contextlib.ExitStack() as stack:
        directory = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="llm-gateway-bench-")))
        upstream = servers.start_mock(stack, build / "bench/mock_upstream", directory, load_cores, **(mock or {}))
        proxy = servers.start_nginx(stack, upstream, directory, server_cores) if nginx else None
        gateway = servers.start_gateway(stack, build / "llm-gateway", upstream, directory, server_cores, edit)
        yield Scene(directory, upstream, proxy, gateway)
