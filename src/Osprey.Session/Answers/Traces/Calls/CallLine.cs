using System.Text;
using Osprey.Traces.Model;

namespace Osprey.Session.Answers.Traces.Calls;

/// <summary>A line in a listing of function calls.</summary>
/// <param name="Kind">What it shows.</param>
/// <param name="Time">When, in nanoseconds: of a whole call, when it began.</param>
/// <param name="Cpu">The CPU's number; null without one.</param>
/// <param name="Thread">The thread.</param>
/// <param name="ThreadName">The thread's name.</param>
/// <param name="Depth">The number of open calls around it.</param>
/// <param name="Name">The function, or the tracepoint.</param>
/// <param name="Function">The function's address; null for other samples.</param>
/// <param name="Nanoseconds">How long the call took, where its end is known.</param>
/// <param name="Arguments">The arguments of other samples, in words.</param>
public sealed record CallLine(
    CallLineKind Kind,
    ulong Time,
    uint? Cpu,
    ulong Thread,
    string ThreadName,
    int Depth,
    string Name,
    ulong? Function = null,
    ulong? Nanoseconds = null,
    string? Arguments = null
)
{
    /// <summary>The columns.</summary>
    public static Shape<CallLine> Shape { get; } =
        new Shape<CallLine>("lines")
            .Address("thread", line => line.Thread)
            .Text("threadName", line => line.ThreadName)
            .Integer("cpu", line => line.Cpu)
            .Time("time", line => line.Time)
            .Text("kind", line => WordOf(line.Kind))
            .Integer("depth", line => line.Depth)
            .Duration("duration", line => line.Nanoseconds)
            .Optional()
            .Text("name", line => line.Name)
            .Address("function", line => line.Function)
            .Optional()
            .Text("arguments", line => line.Arguments)
            .Optional();

    private static string WordOf(CallLineKind kind) =>
        kind switch
        {
            CallLineKind.Call => "call",
            CallLineKind.Enter => "enter",
            CallLineKind.Leave => "leave",
            CallLineKind.LoneLeave => "lone leave",
            _ => "sample",
        };

    /// <summary>Makes the line of a sample.</summary>
    public static CallLine Of(in TraceEvent sample, CallLineKind kind, int depth, string name) =>
        new(
            kind,
            sample.Time,
            sample.Cpu == uint.MaxValue ? null : sample.Cpu,
            sample.Thread,
            Encoding.UTF8.GetString(sample.ThreadName),
            depth,
            name
        );
}
