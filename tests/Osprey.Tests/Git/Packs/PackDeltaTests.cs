using Osprey.Binary;
using Osprey.Git;
using Osprey.Git.Packs;
using Osprey.Tests.Builders.Git;

namespace Osprey.Tests.Git.Packs;

/// <summary>Tests deltas, and what is refused of them.</summary>
public sealed class PackDeltaTests
{
    private static readonly byte[] s_base = [.. Enumerable.Range(0, 0x10000 + 10).Select(i => (byte)(i % 251))];

    public static TheoryData<string, byte[]> Malformed =>
        new()
        {
            { "a delta of a base of 5 bytes, but the base has 65546", new DeltaBuilder(5, 1).Copy(0, 1).Build() },
            { "delta instruction 0 is reserved", new DeltaBuilder(s_base.Length, 1).Raw(0).Build() },
            {
                "a delta that copies 2 bytes at 65545 of a base of 65546",
                new DeltaBuilder(s_base.Length, 2).Copy(65545, 2).Build()
            },
            {
                "a delta that copies 1 bytes at 2147483647 of a base of 65546",
                new DeltaBuilder(s_base.Length, 1).Copy(int.MaxValue, 1).Build()
            },
            { "a delta that makes 2 bytes, expected 1", new DeltaBuilder(s_base.Length, 1).Copy(0, 2).Build() },
            { "a delta that makes 0 bytes, expected 1", new DeltaBuilder(s_base.Length, 1).Build() },
            { "expected 5 bytes, have 1", new DeltaBuilder(s_base.Length, 5).Raw(5).Raw(1).Build() },
            { "2000 bytes are over the limit of 1000", new DeltaBuilder(s_base.Length, 2000).Copy(0, 2000).Build() },
            { "expected 1 bytes, have 0", [0x80] },
        };

    [Fact]
    public void Apply_CopiesAndInserts_MakesTheResult()
    {
        byte[] expected =
        [
            .. s_base.AsSpan(0x10003, 5),
            1,
            2,
            3,
            .. s_base.AsSpan(0, 0x10000),
            .. s_base.AsSpan(7, 300),
        ];
        byte[] delta = new DeltaBuilder(s_base.Length, expected.Length)
            .Copy(0x10003, 5)
            .Insert([1, 2, 3])
            .Copy(0, 0x10000)
            .Copy(7, 300)
            .Build();

        Assert.Equal(expected, PackDelta.Apply(s_base, delta, "pack", 12, GitLimits.Default));
        Assert.Equal((ulong)expected.Length, PackDelta.ReadResultSize(delta, "pack", 12));
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Apply_Malformed_SaysWhat(string problem, byte[] delta)
    {
        var limits = new GitLimits { MaxObjectSize = 1000 };
        Assert.Equal(
            problem,
            Assert.Throws<BadDataException>(() => PackDelta.Apply(s_base, delta, "pack", 12, limits)).Problem
        );
    }
}
