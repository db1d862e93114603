using Osprey.Binary;
using Osprey.Symbols;
using Osprey.Symbols.Index;
using Osprey.Symbols.Index.Lookups;

namespace Osprey.Tests.Symbols.Index.Lookups;

public sealed class LookupCacheTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var random = new Random(11);
        for (int round = 0; round < 200; round++)
        {
            LookupCache cache = Make(random);
            LookupCache read = Read(LookupCacheFile.ToBytes(cache));
            Assert.Equal(Describe(cache), Describe(read));
            Assert.False(read.HasNew);
        }
    }

    [Fact]
    public void Read_Damaged_GivesBadDataOrAnswers()
    {
        var random = new Random(12);
        byte[] good = LookupCacheFile.ToBytes(Make(random));
        int bad = 0;
        for (int round = 0; round < 5_000; round++)
        {
            byte[] bytes = good[..(round % 2 == 0 ? good.Length : random.Next(good.Length))];
            for (int i = random.Next(1, 4); i > 0 && bytes.Length > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)(
                    random.Next(3) switch
                    {
                        0 => 0xff,
                        1 => 0,
                        _ => random.Next(256),
                    }
                );

            try
            {
                Read(bytes);
            }
            catch (BadDataException)
            {
                bad++;
            }
        }

        Assert.InRange(bad, 1_000, 5_000);
    }

    [Fact]
    public void ToBytes_TooManyAnswers_KeepsThoseThatThisRunNeeded()
    {
        var cache = new LookupCache();
        for (uint i = 0; i < LookupCache.MaxAnswers; i++)
            cache.Load(i, [new SymbolFrame(0, "old")]);

        cache.AddFrames(1 << 20, [new SymbolFrame(5, "new")]);
        var frames = new List<SymbolFrame>();
        Assert.True(cache.TryGetFrames(LookupCache.MaxAnswers - 1, 7, frames));
        Assert.Equal([new SymbolFrame(7, "old")], frames);

        LookupCache next = Read(LookupCacheFile.ToBytes(cache));
        Assert.Equal(LookupCache.MaxAnswers, next.Frames.Count());
        Assert.True(next.TryGetFrames(1 << 20, 0, frames));
        Assert.True(next.TryGetFrames(LookupCache.MaxAnswers - 1, 0, frames));
        Assert.False(next.TryGetFrames(LookupCache.MaxAnswers - 2, 0, frames));
    }

    [Fact]
    public void AddFrames_MoreThanAreKept_AreNotRemembered()
    {
        var cache = new LookupCache();
        for (uint i = 0; i <= LookupCache.MaxAnswers; i++)
            cache.AddFrames(i, []);

        Assert.False(cache.TryGetFrames(LookupCache.MaxAnswers, 0, []));
    }

    private static LookupCache Make(Random random)
    {
        var cache = new LookupCache();
        for (int i = random.Next(9); i > 0; i--)
        {
            var frames = new SymbolFrame[random.Next(4)];
            for (int k = 0; k < frames.Length; k++)
                frames[k] = new SymbolFrame(
                    0,
                    Text(random),
                    Text(random),
                    random.Next(2) == 0 ? null : random.Next(1, 1_000),
                    random.Next(2) == 0
                );

            cache.AddFrames((ulong)random.NextInt64(), frames);
        }

        for (int i = random.Next(9); i > 0; i--)
            cache.AddFunction((ulong)random.NextInt64(), Target(random));

        for (int i = random.Next(9); i > 0; i--)
            cache.AddCall((ulong)random.NextInt64(), new CalledFunction(random.Next(2) == 0, Target(random)));

        for (int i = random.Next(9); i > 0; i--)
        {
            Jump[]? jumps = random.Next(4) == 0 ? null : new Jump[random.Next(4)];
            for (int k = 0; k < jumps?.Length; k++)
                jumps[k] = new Jump((ulong)random.NextInt64(), random.Next(2) == 0, Target(random));

            cache.AddJumps((ulong)random.NextInt64(), jumps);
        }

        for (int i = random.Next(9); i > 0; i--)
            cache.AddSymbol(
                (ulong)random.NextInt64(),
                Text(random) is { } name
                    ? new TableSymbol(name, (ulong)random.NextInt64(), (ulong)random.Next(3))
                    : null
            );

        return cache;
    }

    private static CallTarget? Target(Random random) =>
        random.Next(3) == 0
            ? null
            : new CallTarget(random.Next(3) == 0 ? null : (ulong)random.NextInt64(), Text(random));

    private static string? Text(Random random) =>
        random.Next(4) switch
        {
            0 => null,
            1 => "",
            2 => "sched::thread::wait_until(λ)",
            _ => $"f{random.Next(9)}",
        };

    private static LookupCache Read(byte[] bytes)
    {
        var cache = new LookupCache();
        var reader = new ByteReader(bytes, "answers");
        LookupCacheFile.Read(ref reader, cache);
        return cache;
    }

    private static string Describe(LookupCache cache) =>
        string.Join(
            '\n',
            cache.Frames.OrderBy(item => item.Key).Select(item => $"{item.Key}: {string.Join(", ", item.Value)}")
        )
        + string.Join('\n', cache.Functions.OrderBy(item => item.Key).Select(item => $"{item.Key}: {item.Value}"))
        + string.Join('\n', cache.Calls.OrderBy(item => item.Key).Select(item => $"{item.Key}: {item.Value}"))
        + string.Join(
            '\n',
            cache
                .Jumps.OrderBy(item => item.Key)
                .Select(item => $"{item.Key}: {(item.Value is null ? "none" : string.Join(", ", item.Value))}")
        )
        + string.Join('\n', cache.Symbols.OrderBy(item => item.Key).Select(item => $"{item.Key}: {item.Value}"));
}
