using Osprey.Session.Guests;
using Osprey.Session.Guests.Stacks;
using Osprey.Symbols;
using Osprey.Symbols.Types.Variables;
using Osprey.Target.Unwinding;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Tests.Values;
using Osprey.Values;
using Osprey.Values.Frames;
using Osprey.Values.Printing;

namespace Osprey.Tests.Guests.Kernel;

/// <summary>
/// Compares stacks of vCPUs with those of gdb: of each frame the function, whether it was inlined, the source file and
/// the line, and of each that was not inlined the address.
/// </summary>
/// <remarks>
/// It goes as far as debug info does: up to the first frame in assembly or in a program, of which the address is
/// compared (the name is a label's, of which an address may have several), or up to where gdb gives up. What either
/// tool says behind that is a guess. These are meant: (1) frames that gdb concludes from tail calls, which left nothing
/// on the stack, are not ours to have; (2) where the compiler made a changed copy of a function, ours has the symbol's
/// name, <c>f.isra.0</c> for <c>f</c>; (3) where an instruction has several lines, gdb prefers one that starts a
/// statement: there addr2line must agree with ours; (4) where gdb just stopped a vCPU, it hides functions whose inlined
/// code begins at that very instruction; (5) what an inlined function's parameter was at the entry of the function
/// around it, gdb 13 computes wrongly (an order of a page allocation of three thousand million), so that is not
/// compared; in functions that were not inlined it is.
/// </remarks>
internal sealed class StackComparison
{
    private static readonly ValueTextOptions s_raw = new() { Raw = true };

    public List<string> Differences { get; } = [];

    public int Stacks { get; private set; }

    public int Frames { get; private set; }

    public int InlinedFrames { get; private set; }

    /// <summary>Stacks that end in a system call's entry.</summary>
    public int CallStacks { get; private set; }

    /// <summary>Stacks of a vCPU that has nothing to do.</summary>
    public int IdleStacks { get; private set; }

    /// <summary>Frames of which addr2line was asked for the line.</summary>
    public int OtherLines { get; private set; }

    /// <summary>Parameters and local variables of which both have a value.</summary>
    public int Variables { get; private set; }

    /// <summary>Those of inlined functions that are a value at the entry of the function around them.</summary>
    public int InlinedEntryValues { get; private set; }

    /// <summary>Those that only gdb has a value of.</summary>
    public List<string> OnlyOfGdb { get; } = [];

    /// <summary>Frames that gdb concludes from tail calls; they are not compared.</summary>
    public int TailCallers { get; private set; }

    /// <summary>Those that only we have a value of.</summary>
    public int VariablesOfOurs { get; private set; }

    public void Compare(
        string what,
        IReadOnlyList<KernelFrame> theirs,
        CpuStack stack,
        GuestStacks reader,
        GuestSession session,
        bool hasJustStopped
    )
    {
        IReadOnlyList<BacktraceRow> rows = new BacktraceSymbols(session.Symbols).Expand(stack.Backtrace);
        KernelFrame[] expected = [.. TakeCertain(theirs)];
        Stacks++;
        IdleStacks += expected.Any(frame => frame.Function == "do_idle") ? 1 : 0;
        CallStacks += expected.Any(frame => frame.Function == "do_syscall_64") ? 1 : 0;

        StackScopes scopes = reader.GetScopes(stack);
        int first = hasJustStopped ? CountHidden(rows, expected[0], session) : 0;

        for (int i = 0; i < expected.Length; i++)
        {
            if (first + i >= rows.Count)
            {
                Differences.Add(Describe($"ours ends before frame {i}", what, theirs, rows, stack));
                return;
            }

            Frames++;
            BacktraceRow row = rows[first + i];
            bool isLast = i == expected.Length - 1 && expected[i].IsUncharted;
            if (
                expected[i].Pc != row.Address
                || (
                    !isLast && !IsSame(expected[i], row, stack.Backtrace.Frames[row.FrameIndex].Address.Lookup, session)
                )
            )
            {
                Differences.Add(Describe($"frame {i}", what, theirs, rows, stack));
                return;
            }

            InlinedFrames += row.IsInlined ? 1 : 0;
            if (!isLast && scopes.FindFunction(row.FrameIndex, row.InlineIndex) is { } scope)
                CompareVariables(
                    $"{what}, frame {i} ({row.Function} at 0x{row.Address:x})",
                    expected[i],
                    scope,
                    ToLinkLookup(session, stack.Backtrace.Frames[row.FrameIndex])
                );
        }
    }

    /// <summary>
    /// Frames up to the first without debug info, without those that tail calls are concluded to have had.
    /// </summary>
    private IEnumerable<KernelFrame> TakeCertain(IReadOnlyList<KernelFrame> frames)
    {
        var inlined = new List<KernelFrame>();
        foreach (KernelFrame frame in frames)
        {
            inlined.Add(frame);
            if (frame.IsInlined)
                continue;

            TailCallers += frame.IsTailCaller ? 1 : 0;
            foreach (KernelFrame certain in frame.IsTailCaller ? [] : inlined)
                yield return certain;

            inlined.Clear();
            if (frame.IsUncharted)
                yield break;
        }
    }

    /// <summary>How many rows gdb hides: functions that were inlined, and not at the instruction before.</summary>
    private static int CountHidden(IReadOnlyList<BacktraceRow> rows, KernelFrame innermost, GuestSession session)
    {
        var before = new List<SymbolFrame>();
        session.Symbols.TryResolve(rows[0].Address - 1, before);
        int hidden = 0;
        while (
            rows[hidden].IsInlined
            && rows[hidden].Function != innermost.Function
            && !before.Exists(frame => frame.Name == rows[hidden].Function)
        )
            hidden++;

        return hidden;
    }

    private bool IsSame(KernelFrame theirs, BacktraceRow ours, ulong address, GuestSession session) =>
        (
            theirs.Function == ours.Function
            || ours.Function?.StartsWith(theirs.Function + ".", StringComparison.Ordinal) == true
        )
        && theirs.IsInlined == ours.IsInlined
        && (IsSameLine(theirs, ours) || IsLineOfAddr2line(ours, address, session));

    private static bool IsSameLine(KernelFrame theirs, BacktraceRow ours) =>
        theirs.Line == (ours.Line ?? 0)
        && (
            theirs.File == (ours.File ?? "") || (ours.File ?? "").EndsWith("/" + theirs.File, StringComparison.Ordinal)
        );

    private bool IsLineOfAddr2line(BacktraceRow ours, ulong address, GuestSession session)
    {
        OtherLines++;
        ulong linkAddress = session.Programs.Modules[0].Bias.ToLinkAddress(address);
        return Tools
            .Run("addr2line", ["-ie", VmlinuxFactAttribute.Vmlinux, $"0x{linkAddress:x}"])
            .Split('\n')
            .Any(line => line.Split(" (discriminator")[0] == $"{ours.File}:{ours.Line}");
    }

    private static string Describe(
        string problem,
        string what,
        IReadOnlyList<KernelFrame> theirs,
        IReadOnlyList<BacktraceRow> rows,
        CpuStack stack
    ) =>
        $"{what}: {problem}\ngdb:\n  {string.Join("\n  ", theirs.Take(25))}\nours:\n  "
        + string.Join(
            "\n  ",
            rows.Take(25)
                .Select(row =>
                    $"{row.Address:x} {row.Function}{(row.IsInlined ? " (inlined)" : "")} {row.File}:{row.Line}"
                )
        )
        + $"\n  {stack.Backtrace.End}\n";

    private static ulong ToLinkLookup(GuestSession session, StackFrame frame) =>
        session.Programs.Modules[0].Bias.ToLinkAddress(frame.Address.Lookup);

    /// <summary>
    /// Whether a variable's expression at an address has an operation that asks for a value at the function's entry.
    /// </summary>
    private static bool IsValueAtEntry(DebugVariable variable, ulong linkAddress) =>
        variable.Location is VariableLocation.List list
        && list.Ranges.FirstOrDefault(range => linkAddress >= range.Start && linkAddress < range.End) is { } range
        && range.Expression.Span.ContainsAny((byte)0xa3, (byte)0xf3); // DW_OP_entry_value, DW_OP_GNU_entry_value

    private void CompareVariables(string what, KernelFrame frame, FrameScope scope, ulong linkAddress)
    {
        foreach (
            IGrouping<string, (DebugVariable Variable, Value Value)> found in scope.Variables.GroupBy(found =>
                found.Variable.Name
            )
        )
        {
            if (found.Count() != 1 || !frame.Variables.TryGetValue(found.Key, out string? theirs))
                continue;

            string ours = ValueText.FormatInner(found.First().Value, s_raw);
            bool isTheirs =
                !theirs.Contains("<optimized out>", StringComparison.Ordinal)
                && !theirs.StartsWith("error", StringComparison.Ordinal);
            bool isOurs =
                !ours.Contains("<optimized out>", StringComparison.Ordinal)
                && !ours.Contains("<not known", StringComparison.Ordinal)
                && !ours.Contains("<error", StringComparison.Ordinal);
            if (isTheirs && isOurs)
            {
                if (frame.IsInlined && IsValueAtEntry(found.First().Variable, linkAddress))
                {
                    InlinedEntryValues++;
                    continue;
                }

                Variables++;
                if (!GdbText.IsSame(ours, theirs))
                    Differences.Add($"{what}: {found.Key}\n  gdb:  {theirs}\n  ours: {ours}");
            }
            else
            {
                if (isTheirs)
                    OnlyOfGdb.Add($"{what}: {found.Key} = {theirs}; ours: {ours}");

                VariablesOfOurs += isOurs ? 1 : 0;
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Stacks} stacks, {IdleStacks} idle, {CallStacks} in system calls; {Frames} frames, "
        + $"{InlinedFrames} inlined, {TailCallers} tail callers left out, {OtherLines} lines "
        + "by addr2line; "
        + $"{Variables} variables, {InlinedEntryValues} left out, {OnlyOfGdb.Count} only of gdb, "
        + $"{VariablesOfOurs} only of ours; {Differences.Count} differ";
}
