using Osprey.Rest.Tracepoints;
using Osprey.Session.Answers;

namespace Osprey.Cli.Commands.Rest.Answers;

/// <summary>The columns of a tracepoint's state, without its name.</summary>
internal static class TracepointStateShape
{
    public static Shape<TracepointState> Shape { get; } =
        new Shape<TracepointState>("states")
            .Boolean("enabled", state => state.Enabled)
            .Boolean("backtrace", state => state.Backtrace)
            .Integer("copies", state => state.Copies)
            .Integer("enabledCopies", state => state.EnabledCopies)
            .Integer("backtraceCopies", state => state.BacktraceCopies);
}
