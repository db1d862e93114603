using System.Text.Json.Serialization;
using Osprey.Dap.Protocol.Bodies;
using Osprey.Dap.Protocol.Requests;

namespace Osprey.Dap.Protocol;

/// <summary>Writes and reads the protocol's messages, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(AttachArguments))]
[JsonSerializable(typeof(CancelArguments))]
[JsonSerializable(typeof(DataBreakpointInfoArguments))]
[JsonSerializable(typeof(DisassembleArguments))]
[JsonSerializable(typeof(DisconnectArguments))]
[JsonSerializable(typeof(EvaluateArguments))]
[JsonSerializable(typeof(FrameArguments))]
[JsonSerializable(typeof(InitializeArguments))]
[JsonSerializable(typeof(LaunchArguments))]
[JsonSerializable(typeof(ModulesArguments))]
[JsonSerializable(typeof(ReadMemoryArguments))]
[JsonSerializable(typeof(SetBreakpointsArguments))]
[JsonSerializable(typeof(SetDataBreakpointsArguments))]
[JsonSerializable(typeof(SetFunctionBreakpointsArguments))]
[JsonSerializable(typeof(SetInstructionBreakpointsArguments))]
[JsonSerializable(typeof(SourceArguments))]
[JsonSerializable(typeof(StackTraceArguments))]
[JsonSerializable(typeof(ThreadArguments))]
[JsonSerializable(typeof(VariablesArguments))]
[JsonSerializable(typeof(WriteMemoryArguments))]
[JsonSerializable(typeof(BreakpointBody))]
[JsonSerializable(typeof(BreakpointsBody))]
[JsonSerializable(typeof(Capabilities))]
[JsonSerializable(typeof(CapabilitiesBody))]
[JsonSerializable(typeof(ContinueBody))]
[JsonSerializable(typeof(ContinuedBody))]
[JsonSerializable(typeof(DataBreakpointInfoBody))]
[JsonSerializable(typeof(DisassembleBody))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(EvaluateBody))]
[JsonSerializable(typeof(ExitedBody))]
[JsonSerializable(typeof(ModulesBody))]
[JsonSerializable(typeof(OutputBody))]
[JsonSerializable(typeof(ReadMemoryBody))]
[JsonSerializable(typeof(ScopesBody))]
[JsonSerializable(typeof(SourceBody))]
[JsonSerializable(typeof(StackTraceBody))]
[JsonSerializable(typeof(StoppedBody))]
[JsonSerializable(typeof(ThreadBody))]
[JsonSerializable(typeof(ThreadsBody))]
[JsonSerializable(typeof(VariablesBody))]
[JsonSerializable(typeof(WriteMemoryBody))]
internal sealed partial class DapJson : JsonSerializerContext;
