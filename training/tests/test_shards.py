"""The exporter of large models: weights in files no larger than asked for, tables cut where one is larger, and the same answers."""
from __future__ import annotations

import tempfile
import unittest
import warnings
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from torch import Tensor, nn
from torch.export import Dim

from unityvideo.graphs import Graph
from unityvideo.onnx_export import export_graph, without_storage

SHARD = 6000  # bytes


class Network(nn.Module):
    """A table (of 10 kB where float32, as it is computed in), matrices that are stored turned, and one used twice."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(64, 40)
        self.first, self.again, self.last = nn.Linear(40, 40), nn.Linear(40, 40), nn.Linear(40, 24)

    def forward(self, ids: Tensor) -> Tensor:
        x = torch.tanh(self.first(self.table(ids)))
        return self.last(torch.tanh(self.again(torch.tanh(self.again(x)))))


class Shards(unittest.TestCase):
    def test_a_graph_in_shards_answers_as_pytorch_does(self) -> None:
        torch.manual_seed(0)
        truth = Network()
        stored = {k: v.to(torch.bfloat16) if v.ndim > 1 else v for k, v in truth.state_dict().items()}  # matrices as they come, in bf16
        truth.load_state_dict({k: v.float() for k, v in stored.items()})
        read: list[str] = []

        def tensor(name: str) -> Tensor:
            read.append(name)
            return stored[name]

        ids = torch.randint(0, 64, (1, 7))
        graph = Graph(without_storage(Network), {'ids': ids}, ['answer'], {'ids': {1: Dim('length', min=2, max=64)}})
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter('ignore')
            (Path(folder) / 'g-00001-of-00099.data').write_bytes(b'from before')
            path, *shards = export_graph(graph, tensor, Path(folder) / 'g.onnx', SHARD)
            self.assertEqual([s.name for s in shards], [f'g-{i + 1:05d}-of-{len(shards):05d}.data' for i in range(len(shards))])
            self.assertGreaterEqual(len(shards), 3)
            self.assertLessEqual(max(s.stat().st_size for s in shards), SHARD)
            self.assertEqual(set(read), set(stored))
            self.assertIn(b'table.weight.columns1', path.read_bytes())  # the table is cut
            self.assertEqual(sorted(Path(folder).iterdir()), sorted([path, *shards]))  # nothing else, nothing old
            session = ort.InferenceSession(path, providers=['CPUExecutionProvider'])
            for length in (7, 3):
                with torch.no_grad():
                    wanted = truth(ids[:, :length])
                np.testing.assert_allclose(session.run(None, {'ids': ids[:, :length].numpy()})[0], wanted.numpy(), atol=1e-5)


if __name__ == '__main__':
    unittest.main()
