"""The released UnityVideo 5B layout: definition, checkpoint reader, ONNX export and a random-weight miniature of it."""
