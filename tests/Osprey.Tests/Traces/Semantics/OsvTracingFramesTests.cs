using Osprey.Symbols;
using Osprey.Traces.Semantics.Osv;

namespace Osprey.Tests.Traces.Semantics;

/// <summary>Frames of the tracing that have no name, as where names come from a dump.</summary>
public sealed class OsvTracingFramesTests
{
    [Theory]
    [InlineData("? sched::thread::wait() main", 1)]
    [InlineData("? ? main", 1)]
    [InlineData("? ?", 0)] // nothing is named, nothing known
    [InlineData("?", 0)]
    [InlineData("", 0)]
    [InlineData("read ? main", 0)]
    [InlineData("? trace_slow_path read", 2)]
    public void Count_FirstFrameWithoutAName_IsTheTracingsWhereOthersHaveNames(string names, int expected)
    {
        SymbolFrame[] frames =
        [
            .. names
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select((name, index) => new SymbolFrame((ulong)index + 1, name == "?" ? null : name)),
        ];

        Assert.Equal(expected, OsvTracingFrames.Count(frames));
    }
}
