"""A small stand-in for ROS 2's `launch`, `launch_ros` and `ament_index_python`, for machines without ROS 2 (PyPI has none of them).

It holds what the files of launch/ use, by the signatures of the real packages (an unknown argument is a TypeError, as there), and
instead of starting anything gathers what would be started. `install()` makes the modules importable.
"""

import os
import re
import shlex
import sys
import types

import yaml


class LaunchContext:
    def __init__(self, arguments):
        self.launch_configurations = dict(arguments)
        self.declared = {}
        self.global_parameters = {}
        self.started = []

    def include(self, path, arguments, scope_file):
        """As the real one: arguments become launch configurations; a relative name is not looked for."""
        for name, value in arguments:
            self.launch_configurations[name] = perform(self, value)
        if os.path.basename(path) in ("navigation_launch.py",):  # another package's: only noted
            self.started.append({"include": path, "arguments": {k: perform(self, v) for k, v in arguments}})
            return
        run_file(path, self)


class Substitution:
    pass


def perform(context, value):
    if isinstance(value, (list, tuple)):
        return "".join(perform(context, part) for part in value)
    return value.perform(context) if isinstance(value, Substitution) else str(value)


class LaunchConfiguration(Substitution):
    def __init__(self, variable_name, *, default=None):
        self.variable_name, self.default = variable_name, default

    def perform(self, context):
        if self.variable_name in context.launch_configurations:
            return context.launch_configurations[self.variable_name]
        if self.default is None:
            raise RuntimeError(f"launch configuration '{self.variable_name}' does not exist")
        return perform(context, self.default)


class IfCondition:
    expected = True

    def __init__(self, predicate_expression):
        self.predicate = predicate_expression

    def evaluate(self, context):
        text = perform(context, self.predicate).strip().lower()
        if text not in ("true", "1", "false", "0"):
            raise RuntimeError(f"condition '{text}' is neither true nor false")
        return (text in ("true", "1")) is self.expected


class UnlessCondition(IfCondition):
    expected = False


class Action:
    def __init__(self, *, condition=None):
        self.condition = condition

    def visit(self, context):
        if self.condition is None or self.condition.evaluate(context):
            self.execute(context)


class LaunchDescription:
    def __init__(self, initial_entities=None):
        self.entities = list(initial_entities or [])

    def visit(self, context):
        for entity in self.entities:
            entity.visit(context)


class DeclareLaunchArgument(Action):
    def __init__(self, name, *, default_value=None, description=None, choices=None, **kwargs):
        super().__init__(**kwargs)
        self.name, self.default_value, self.description = name, default_value, description

    def execute(self, context):
        context.declared.setdefault(self.name, self.description)
        if self.name not in context.launch_configurations:
            if self.default_value is None:
                raise RuntimeError(f"required launch argument '{self.name}' was not provided")
            context.launch_configurations[self.name] = perform(context, self.default_value)


class OpaqueFunction(Action):
    def __init__(self, *, function, args=None, kwargs=None, **left):
        super().__init__(**left)
        self.function, self.args, self.kwargs = function, args or [], kwargs or {}

    def execute(self, context):
        for action in self.function(context, *self.args, **self.kwargs) or []:
            action.visit(context)


class ExecuteProcess(Action):
    def __init__(self, *, cmd, name=None, cwd=None, env=None, additional_env=None, shell=False, sigterm_timeout="5", sigkill_timeout="5", emulate_tty=False, output="log", respawn=False, respawn_delay=None, **kwargs):
        super().__init__(**kwargs)
        self.cmd, self.name, self.output = cmd, name, output
        float(sigterm_timeout), float(sigkill_timeout)

    def execute(self, context):
        context.started.append({"process": [perform(context, part) for part in self.cmd]})


class PythonLaunchDescriptionSource:
    def __init__(self, launch_file_path):
        self.path = launch_file_path


class IncludeLaunchDescription(Action):
    def __init__(self, launch_description_source, *, launch_arguments=None, **kwargs):
        super().__init__(**kwargs)
        self.source, self.arguments = launch_description_source, list(launch_arguments or [])

    def execute(self, context):
        context.include(perform(context, self.source.path), self.arguments, None)


class ParameterValue(Substitution):
    def __init__(self, value, *, value_type=None):
        self.value, self.value_type = value, value_type

    def perform(self, context):
        text = perform(context, self.value)
        if self.value_type is not bool:
            return str(self.value_type(text))
        value = yaml.safe_load(text)  # as launch_ros reads one: bool("false") would be True
        if not isinstance(value, bool):
            raise ValueError(f"{text!r} is no bool")
        return str(value)


def check_parameters(parameters):
    for parameter in parameters or []:
        assert isinstance(parameter, (dict, str)), parameter


def pairs(remappings):
    return [{"from": old, "to": new} for old, new in remappings or []]


class Node(Action):
    def __init__(self, *, executable, package=None, name=None, namespace=None, parameters=None, remappings=None, arguments=None, output="log", respawn=False, respawn_delay=None, **kwargs):
        super().__init__(**kwargs)
        check_parameters(parameters)
        self.fields = {"package": package, "executable": executable, "name": name, "namespace": namespace, "parameters": parameters or [], "remappings": pairs(remappings)}

    def execute(self, context):
        context.started.append({"node": resolve(context, self.fields)})


class ComposableNode:
    def __init__(self, *, package, plugin, name=None, namespace=None, parameters=None, remappings=None, extra_arguments=None, condition=None):
        check_parameters(parameters)
        self.fields = {"package": package, "plugin": plugin, "name": name, "parameters": parameters or [], "remappings": pairs(remappings)}


class ComposableNodeContainer(Node):
    def __init__(self, *, name, namespace, composable_node_descriptions=None, **kwargs):
        super().__init__(name=name, namespace=namespace, **kwargs)
        self.composable = composable_node_descriptions or []

    def execute(self, context):
        context.started.append({"container": resolve(context, self.fields), "composable": [resolve(context, node.fields) for node in self.composable]})


class LoadComposableNodes(Action):
    def __init__(self, *, composable_node_descriptions, target_container, **kwargs):
        super().__init__(**kwargs)
        self.composable, self.target = composable_node_descriptions, target_container

    def execute(self, context):
        context.started.append({"load into": perform(context, self.target), "composable": [resolve(context, node.fields) for node in self.composable]})


class SetParameter(Action):
    def __init__(self, name, value, **kwargs):
        super().__init__(**kwargs)
        self.name, self.value = name, value

    def execute(self, context):
        context.global_parameters[perform(context, self.name)] = self.value if not isinstance(self.value, Substitution) else perform(context, self.value)


def resolve(context, value):
    if isinstance(value, dict):
        return {key: resolve(context, item) for key, item in value.items()}
    if isinstance(value, (list, tuple)) and not (value and all(isinstance(part, (Substitution, str)) for part in value) and any(isinstance(part, Substitution) for part in value)):
        return [resolve(context, item) for item in value]
    if isinstance(value, (Substitution, list, tuple)):
        return perform(context, value)
    return value


def get_package_share_directory(package_name):
    return f"/opt/ros/standin/share/{package_name}"


# The YAML format ----------------------------------------------------------------------------------------------------------------------

class Text(Substitution):
    """A text with $(var name), $(dirname), $(env NAME default), $(find-pkg-share package) and $(eval "python")."""

    def __init__(self, text, folder):
        self.text, self.folder = text, folder

    def perform(self, context):
        def one(match):
            word, *rest = match.group(1).split()
            if word == "var" and len(rest) == 1:
                return LaunchConfiguration(rest[0]).perform(context)
            if word == "dirname" and not rest:
                return self.folder
            if word == "env" and rest:
                return os.environ.get(rest[0], rest[1] if len(rest) > 1 else "")
            if word == "find-pkg-share" and len(rest) == 1:
                return get_package_share_directory(rest[0])
            if word == "eval" and rest:
                (expression,) = shlex.split(" ".join(rest))  # quoted as one
                return str(eval(expression, {"__builtins__": {}}))
            raise RuntimeError(f"unknown substitution {match.group(0)}")
        text, count = self.text, 1
        while count:  # inner ones first
            text, count = re.subn(r"\$\(([^()]*)\)", one, text)
        return text


# Attributes by entity, as launch's and launch_ros' parsers take them; a list holds nested entities.
ATTRIBUTES = {
    "arg": {"name", "default", "description"},
    "executable": {"cmd", "cwd", "name", "args", "output", "shell", "env", "if", "unless", "sigterm_timeout", "sigkill_timeout"},
    "set_parameter": {"name", "value", "if", "unless"},
    "include": {"file", "arg", "let", "if", "unless"},
    "node": {"pkg", "exec", "name", "namespace", "args", "ros_args", "output", "param", "remap", "if", "unless"},
    "node_container": {"pkg", "exec", "name", "namespace", "args", "output", "param", "remap", "composable_node", "if", "unless"},
    "composable_node": {"pkg", "plugin", "name", "namespace", "param", "remap", "extra_arg"},
    "param": {"name", "value", "from", "param"},
    "remap": {"from", "to"},
}


def attributes(kind, entity):
    unknown = set(entity) - ATTRIBUTES[kind]
    if unknown:
        raise RuntimeError(f"{kind}: unknown attribute {', '.join(sorted(unknown))}")
    return entity


def yaml_actions(document, folder):
    if set(document) != {"launch"} or not isinstance(document["launch"], list):
        raise RuntimeError("a launch file is one 'launch' list")
    for item in document["launch"]:
        (kind, entity), = item.items()
        yield yaml_action(kind, attributes(kind, entity), folder)


def yaml_action(kind, entity, folder):
    def text(value):
        if not isinstance(value, str):
            raise RuntimeError(f"{kind}: {value!r} is no text")
        return Text(value, folder)

    condition = IfCondition(text(entity["if"])) if "if" in entity else UnlessCondition(text(entity["unless"])) if "unless" in entity else None

    def parameters(nested):
        return [{p["name"]: text(p["value"]) if isinstance(p["value"], str) else p["value"] for p in (attributes("param", p) for p in nested)}]

    def remappings(nested):
        return [(text(r["from"]), text(r["to"])) for r in (attributes("remap", r) for r in nested)]

    if kind == "arg":
        return DeclareLaunchArgument(entity["name"], default_value=text(entity["default"]) if "default" in entity else None, description=entity.get("description"))
    if kind == "executable":
        # Words are split before substitutions are made, so that one with a space stays one.
        words = [text(re.sub("\0", " ", word)) for word in shlex.split(re.sub(r"\$\([^()]*\)", lambda m: m.group(0).replace(" ", "\0"), entity["cmd"]))]
        return ExecuteProcess(cmd=words, name=entity.get("name"), output=entity.get("output", "log"), condition=condition)
    if kind == "set_parameter":
        return SetParameter(entity["name"], text(entity["value"]), condition=condition)
    if kind == "include":
        nested = [attributes("param", a) for a in entity.get("arg", [])]
        return IncludeLaunchDescription(PythonLaunchDescriptionSource(text(entity["file"])), launch_arguments=[(a["name"], text(a["value"])) for a in nested], condition=condition)
    if kind == "node_container":
        composable = [ComposableNode(package=c["pkg"], plugin=c["plugin"], name=c["name"], parameters=parameters(c.get("param", [])), remappings=remappings(c.get("remap", [])))
                      for c in (attributes("composable_node", c) for c in entity["composable_node"])]
        return ComposableNodeContainer(package=entity["pkg"], executable=entity["exec"], name=entity["name"], namespace=entity["namespace"], composable_node_descriptions=composable, condition=condition)
    raise RuntimeError(f"unknown action {kind}")


# ----------------------------------------------------------------------------------------------------------------------------------------

def run_file(path, context):
    if path.endswith((".yaml", ".yml")):
        with open(path, encoding="utf-8") as file:
            description = LaunchDescription(yaml_actions(yaml.safe_load(file), os.path.dirname(os.path.abspath(path))))
    else:
        with open(path, encoding="utf-8") as file:
            module = {"__file__": path, "__name__": "launch_file"}
            exec(compile(file.read(), path, "exec"), module)
        description = module["generate_launch_description"]()
    description.visit(context)


def install():
    def module(name, *members):
        made = types.ModuleType(name)
        for member in members:
            setattr(made, member.__name__, member)
        sys.modules[name] = made

    module("launch", LaunchDescription, LaunchContext, Action, Substitution)
    module("launch.actions", DeclareLaunchArgument, ExecuteProcess, IncludeLaunchDescription, OpaqueFunction)
    module("launch.conditions", IfCondition, UnlessCondition)
    module("launch.substitutions", LaunchConfiguration)
    module("launch.launch_description_sources", PythonLaunchDescriptionSource)
    module("launch_ros")
    module("launch_ros.actions", Node, ComposableNodeContainer, LoadComposableNodes, SetParameter)
    module("launch_ros.descriptions", ComposableNode)
    module("launch_ros.parameter_descriptions", ParameterValue)
    module("ament_index_python")
    module("ament_index_python.packages", get_package_share_directory)


def evaluate(path, **arguments):
    """What a launch file would start: `{"started", "global_parameters", "declared"}`."""
    context = LaunchContext(arguments)
    run_file(path, context)
    return {"started": context.started, "global_parameters": context.global_parameters, "declared": context.declared}
