using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Tests.Cli;
using Osprey.Tests.Guests;

namespace Osprey.Tests.Debugging;

/// <summary>The code of a Linux guest's kernel at one moment, to compare with what it is later.</summary>
/// <remarks>
/// A kernel changes its own code while it runs: jump labels become a jump or do nothing, static calls get another
/// target. Such places may differ. What a debugger would leave, a breakpoint or another instruction, may not.
/// </remarks>
internal sealed partial class KernelText
{
    // While the kernel changes a place, it has a breakpoint of its own there, until each CPU has seen it. CPUs of a
    // busy host take their time; what a debugger left stays.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private const int JumpSize = 5;
    private const int ShortJumpSize = 2;
    private const byte Breakpoint = 0xcc;

    private static readonly byte[] s_longNop = [0x0f, 0x1f, 0x44, 0x00, 0x00];
    private static readonly byte[] s_shortNop = [0x66, 0x90];

    private readonly LinuxGuest _guest;
    private readonly ulong _start;
    private readonly byte[] _bytes;

    private KernelText(LinuxGuest guest, ulong start, byte[] bytes)
    {
        _guest = guest;
        _start = start;
        _bytes = bytes;
    }

    /// <summary>Reads it, from <c>_text</c> to <c>_etext</c>.</summary>
    public static KernelText Read(LinuxGuest guest)
    {
        ulong start = FindSymbol(guest, "_text");
        return new KernelText(guest, start, ReadBytes(guest, start, FindSymbol(guest, "_etext") - start));
    }

    /// <summary>Fails where it is not as it was, but for what a kernel changes by itself.</summary>
    public void AssertKept()
    {
        var clock = Stopwatch.StartNew();
        IReadOnlyList<string> changes;
        do
        {
            changes = Compare(_start, _bytes, ReadBytes(_guest, _start, (ulong)_bytes.Length));
            if (changes.Count == 0)
                return;

            Thread.Sleep(100);
        } while (clock.Elapsed < s_patience);

        Assert.Fail(string.Join('\n', changes));
    }

    /// <summary>The places where code differs and none of the kernel's own changes explains it.</summary>
    /// <param name="start">The address of the first byte.</param>
    /// <param name="before">The code as it was.</param>
    /// <param name="after">The code as it is, of the same size.</param>
    internal static IReadOnlyList<string> Compare(ulong start, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        Assert.Equal(before.Length, after.Length);
        var changes = new List<string>();
        for (int at = 0; ; )
        {
            int next = before[at..].CommonPrefixLength(after[at..]);
            if (next == before.Length - at)
                return changes;

            at += next;
            if (FindEndOfOwnChange(before, after, at) is int end)
            {
                at = end;
                continue;
            }

            int from = Math.Max(at - JumpSize, 0);
            Range shown = from..Math.Min(at + (2 * JumpSize), before.Length);
            changes.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"0x{start + (ulong)at:x}: {Convert.ToHexStringLower(before[shown])} "
                        + $"from 0x{start + (ulong)from:x} became {Convert.ToHexStringLower(after[shown])}"
                )
            );
            at++;
        }
    }

    /// <summary>The end of a jump, call or NOP that was another one and has its first difference here.</summary>
    private static int? FindEndOfOwnChange(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, int at)
    {
        // That of a jump's distance, or of what only looks like one.
        if (after[at] == Breakpoint)
            return null;

        // The kernel's own, which it took out since.
        if (before[at] == Breakpoint)
            return Math.Min(at + JumpSize, before.Length);

        foreach (int size in (ReadOnlySpan<int>)[JumpSize, ShortJumpSize])
        {
            for (int from = at; from > at - size && from >= 0; from--)
            {
                if (from + size <= before.Length && IsOwn(before[from..], size) && IsOwn(after[from..], size))
                    return from + size;
            }
        }

        return null;
    }

    private static bool IsOwn(ReadOnlySpan<byte> code, int size) =>
        size == JumpSize
            ? code[0] is 0xe8 or 0xe9 || code.StartsWith(s_longNop)
            : code[0] == 0xeb || code.StartsWith(s_shortNop);

    private static byte[] ReadBytes(LinuxGuest guest, ulong start, ulong size)
    {
        CommandRun run = CommandRun.Of("read", $"0x{start:x}", $"0x{size:x}", "--raw", "--target", guest.Name);
        Assert.Equal((0, size), (run.ExitCode, (ulong)run.Output.Length));
        return run.Output;
    }

    private static ulong FindSymbol(LinuxGuest guest, string name)
    {
        CommandRun run = CommandRun.Of("symbol", name, "--target", guest.Name);
        Match found = Address().Match(run.Text);
        Assert.True(found.Success, run.Text + run.Messages);
        return ulong.Parse(found.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("0x[0-9a-f]{16}")]
    private static partial Regex Address();
}
