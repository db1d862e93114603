using Osprey.Target.Backends.Qemu.Block;

namespace Osprey.Tests.Target.Backends.Qemu.Block;

public sealed class SuspendedRequestsTests
{
    private const ulong Head = 0x1000;
    private const ulong First = 0x2000;
    private const ulong Second = 0x3000;

    /// <summary>A list of two: co, tag, next, address of the word that points here.</summary>
    private static readonly Dictionary<ulong, ulong> s_list = new()
    {
        [Head] = First,
        [First] = 0x9000,
        [First + 8] = 0x9100,
        [First + 16] = Second,
        [First + 24] = Head,
        [Second] = 0x9200,
        [Second + 8] = 0x9300,
        [Second + 16] = 0,
        [Second + 24] = First + 16,
    };

    [Fact]
    public void Elements_OfAList_AreRecognised()
    {
        Assert.True(IsElement(s_list, First + 8));
        Assert.True(IsElement(s_list, Second + 8));
    }

    [Fact]
    public void Words_OfAListThatAreWrong_MakeNoElement()
    {
        // Each of the words that tie the first element to the list, and none that does not.
        foreach (ulong word in (ulong[])[Head, First, First + 16, First + 24, Second + 24])
        {
            foreach (ulong wrong in (ulong[])[0, 1, 0x4000, ulong.MaxValue, First + 1])
            {
                if (word == First && wrong != 0 || word == First + 16 && wrong == 0)
                    continue; // any coroutine will do, and the list may end here

                var damaged = new Dictionary<ulong, ulong>(s_list) { [word] = wrong };
                Assert.False(IsElement(damaged, First + 8), $"{word:x} = {wrong:x}");
            }
        }

        Assert.False(IsElement(s_list, 0));
        Assert.False(IsElement(s_list, ulong.MaxValue));
        Assert.False(IsElement([], First + 8));
    }

    [Fact]
    public void Tags_OfOurs_AreToldFromOthers()
    {
        var breakpoint = BlockBreakpoint.Create("my.tag_1-x", "write_aio", "virtio0");
        Assert.Equal("my.tag_1-x", BlockBreakpoint.FindTag(breakpoint.QemuTag));
        Assert.NotEqual(breakpoint.QemuTag, BlockBreakpoint.Create("my.tag_1-x", "write_aio", "virtio0").QemuTag);
        foreach (
            string other in (string[])
                [
                    "",
                    "osprey-",
                    "osprey-0000000-A",
                    "osprey-0000000g-A",
                    "osprey-00000000-",
                    "osprey-00000000-a b",
                    "other-00000000-A",
                ]
        )
            Assert.Null(BlockBreakpoint.FindTag(other));

        Assert.False(BlockBreakpoint.IsTag(new string('a', 41)));
        Assert.False(BlockBreakpoint.IsTag("a\"b"));
        Assert.False(BlockBreakpoint.IsTag("ä"));
    }

    private static bool IsElement(Dictionary<ulong, ulong> memory, ulong tagField) =>
        SuspendedRequests.IsElement(address => memory.TryGetValue(address, out ulong word) ? word : null, tagField);
}
