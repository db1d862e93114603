using System.Text;
using Osprey.Traces.Exports.Profiles;

namespace Osprey.Tests.Traces.Exports;

public sealed class FoldedWriterTests
{
    [Fact]
    public void Add_Stacks_AreLinesOfFramesAndCounts() =>
        Assert.Equal(
            "main;work;read(int, void*) 17\nmain 9223372036854775807\n",
            Write(writer =>
            {
                writer.Add(["main", "work", "read(int, void*)"], 17);
                writer.Add(["main"], long.MaxValue);
            })
        );

    [Fact]
    public void Add_SeparatorsWithinNames_AreReplaced() =>
        Assert.Equal(
            "a:b:;c  d e;\u00e4\ufffd 1\n",
            Write(writer => writer.Add(["a;b;", "c\r\nd\te", "\u00e4\ud800"], 1))
        );

    [Fact]
    public void Add_NoName_IsUnknown() =>
        Assert.Equal(
            "[unknown] 1\n[unknown];f;[unknown] 2\n",
            Write(writer =>
            {
                writer.Add([], 1);
                writer.Add(["", "f", " "], 2);
            })
        );

    [Fact]
    public void Add_ManyStacks_GoOutBeforeTheEnd()
    {
        using MemoryStream output = new();
        FoldedWriter writer = new(output);
        for (int i = 0; i < 20_000; i++)
            writer.Add(["main", "work"], i);

        Assert.InRange(output.Length, 150_000, long.MaxValue);
    }

    private static string Write(Action<FoldedWriter> write)
    {
        using MemoryStream output = new();
        FoldedWriter writer = new(output);
        write(writer);
        writer.Flush();
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
