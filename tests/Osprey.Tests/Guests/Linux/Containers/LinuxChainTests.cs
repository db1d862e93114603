using Osprey.Guests.Linux;
using Osprey.Guests.Linux.Containers;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux.Containers;

public class LinuxChainTests
{
    private const int Limit = 100;

    private readonly FakeLinux _linux = new(8 << 10);
    private readonly List<string> _defects = [];

    [Fact]
    public void Ring_EndsAtItsHead()
    {
        ulong[] links = AddLinks(4);
        Assert.Equal([links[1] - 8, links[2] - 8, links[3] - 8], Chain().WalkRing(links[0], 8));
        Assert.Empty(_defects);
    }

    [Fact]
    public void Ring_ThatComesBackElsewhere_Ends()
    {
        ulong[] links = AddLinks(4);
        _linux.Write(links[3], links[2]);
        Assert.Equal(3, Chain().WalkRing(links[0], 0).Count());
        Assert.Equal(["the list of things is torn: it comes back to where it was before"], _defects);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(0x1000UL)]
    [InlineData(ulong.MaxValue - 2)]
    public void Ring_ThatLeadsNowhere_Ends(ulong wild)
    {
        ulong[] links = AddLinks(4);
        _linux.Write(links[2], wild);
        Assert.InRange(Chain().WalkRing(links[0], 0).Count(), 2, 3);
        Assert.Equal(["the list of things is torn: what follows can't be read"], _defects);
    }

    [Fact]
    public void Ring_WithoutAnEnd_StopsAtTheLimit()
    {
        ulong[] links = AddLinks(Limit + 50);
        Assert.Equal(Limit, Chain().WalkRing(links[0], 0).Count());
        Assert.Equal([$"things: stopped after {Limit}"], _defects);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(0x17UL)]
    public void Chain_EndsAtZeroOrAnOddMark(ulong end)
    {
        ulong[] links = AddLinks(4);
        _linux.Write(links[3], end);
        Assert.Equal(links, Chain().WalkChain(links[0], 0));
        Assert.Empty(_defects);
    }

    [Fact]
    public void Tree_IsWalkedInOrder()
    {
        (ulong root, ulong[] nodes) = AddTree();
        Assert.Equal(nodes.Select(node => node - 16), Walk(root));
        Assert.Empty(_defects);
    }

    [Fact]
    public void Tree_WithACircle_Ends()
    {
        (ulong root, ulong[] nodes) = AddTree();
        _linux.Write(nodes[0] + 16, root);
        Assert.InRange(Walk(root).Count, 0, 3);
        Assert.Equal(["the list of things is torn: it comes back to where it was before"], _defects);
    }

    [Fact]
    public void Tree_WithAWildPointer_Ends()
    {
        (ulong root, ulong[] nodes) = AddTree();
        _linux.Write(nodes[2] + 8, 0x1234UL);
        Walk(root);
        Assert.Equal(["the list of things is torn: what follows can't be read"], _defects);
    }

    private LinuxChain Chain() => new(_linux, "things", Limit, _defects.Add);

    private List<ulong> Walk(ulong root) =>
        [.. Chain().WalkTree(root, new LinuxField(16, 8, false), new LinuxField(8, 8, false), 16)];

    private ulong[] AddLinks(int count)
    {
        ulong[] links = [.. Enumerable.Range(0, count).Select(_ => _linux.Allocate(32) + 8)];
        for (int i = 0; i < count; i++)
            _linux.Write(links[i], links[(i + 1) % count]);

        return links;
    }

    /// <summary>A root with two below it: color, right, left.</summary>
    private (ulong Root, ulong[] Nodes) AddTree()
    {
        ulong[] nodes = [.. Enumerable.Range(0, 3).Select(_ => _linux.Allocate(24))];
        _linux.Write(nodes[1] + 16, nodes[0]);
        _linux.Write(nodes[1] + 8, nodes[2]);
        return (nodes[1], nodes);
    }
}
