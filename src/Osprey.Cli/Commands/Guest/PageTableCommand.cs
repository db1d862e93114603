using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers.Guests.Memory;
using Osprey.Session.Guests;
using Osprey.Target.Architectures.X64;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey pagetable</c>: how an address is translated, or all that is mapped.</summary>
internal static class PageTableCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "pagetable",
            "Walk the page tables for an address, or show all that they map",
            "osprey pagetable 0x400000000000        # each level's entry, and where the address lies",
            "osprey pagetable --map                 # merged ranges with permissions; writable and executable "
                + "ones marked",
            "osprey pagetable --map --cpu 1 --json"
        );
        var options = new GuestOptions(command);
        var address = new Argument<string>("address")
        {
            Description = "A virtual address, symbol or expression",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var isMap = new Option<bool>("--map", "-m") { Description = "Show all that is mapped, in ranges" };
        var isMerged = new Option<bool>("--merge")
        {
            Description = "With --map: join ranges with equal permissions wherever they lie physically",
        };
        command.Arguments.Add(address);
        command.Options.Add(isMap);
        command.Options.Add(isMerged);
        command.SetAction(result =>
        {
            string? where = result.GetValue(address);
            if (where is null != result.GetValue(isMap))
                throw new UsageException(
                    where is null ? "name an address, or ask for all with --map" : "--map takes no address"
                );

            return where is null
                ? GuestInvocation.Run(
                    result,
                    options,
                    invocation => ShowMap(invocation, result.GetValue(isMerged)),
                    paged: true
                )
                : GuestInvocation.Run(result, options, invocation => ShowWalk(invocation, where));
        });
        return command;
    }

    private static int ShowWalk(GuestInvocation invocation, string where)
    {
        ulong address = invocation.Session.Selected.ResolveAddress(where, isPhysical: false);
        PageWalkAnswer answer = PageWalkAnswer.Ask(invocation.Session, address);
        invocation.Show(PageWalkAnswer.Shape, answer, (_, output) => WriteText(answer.Walk, output));
        if (answer.Walk.Outcome == PageWalkOutcome.Mapped)
            return ExitCode.Success;

        invocation.Output.Flush();
        Messages.Write("osprey: " + invocation.Session.Selected.Space.Explain(address));
        return ExitCode.Failure;
    }

    private static void WriteText(PageWalk walk, Output output)
    {
        foreach (PageTableStep step in walk.Steps)
        {
            string value = step.Value is { } entry ? $"0x{entry:x16}" : "unreadable        ";
            output.Text.Append(
                string.Create(
                        CultureInfo.InvariantCulture,
                        $"level {step.Level}  entry {step.Index, 3} at 0x{step.Address.Value:x12}  {value}  "
                            + $"{FormatFlags(step)}"
                    )
                    .TrimEnd() + "\n"
            );
        }

        if (walk.Translation is not { } translation)
            return;

        // No table was looked at: the processor does not translate.
        if (walk.Steps.Count == 0)
        {
            output.Text.Append(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"paging is off: 0x{walk.Address:x} is physical 0x{translation.Physical.Value:x}\n"
                )
            );
            return;
        }

        output.Text.Append(
            string.Create(
                CultureInfo.InvariantCulture,
                $"0x{walk.Address:x} is physical 0x{translation.Physical.Value:x}, in a page of "
                    + $"{SizeText.Format(translation.PageSize)}, {PermissionText.Format(walk.Permissions)}\n"
            )
        );
    }

    private static string FormatFlags(PageTableStep step) =>
        step.Value is null ? "" : step.Flags.ToString().Replace(", ", " ", StringComparison.Ordinal);

    private static int ShowMap(GuestInvocation invocation, bool isMerged)
    {
        if (invocation.Session.Selected.Space.Paging.Mode == X64PagingMode.None)
            Messages.Write("osprey: paging is off: there are no page tables; addresses are physical ones");

        PageMapAnswer answer = PageMapAnswer.Ask(invocation.Session, isMerged, invocation.Context);
        invocation.Show(PageMapAnswer.Shape, answer, WriteMapText);
        PageTableMap map = answer.Map;
        var losses = new List<string>();
        if (map.UnreadableTables > 0)
            losses.Add($"{map.UnreadableTables} tables can't be read");

        if (map.ReservedEntries > 0)
            losses.Add($"{map.ReservedEntries} entries have reserved bits set");

        if (map.IsCutShort)
            losses.Add($"the map ends early, after {map.TableCount} tables and {map.RangeCount} ranges");

        invocation.Output.Flush();
        foreach (string loss in losses)
            Messages.Write("osprey: " + loss);

        return losses.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static void WriteMapText(PageMapAnswer answer, Output output)
    {
        foreach (PageRange range in answer.Ranges)
        {
            string pages =
                range.SmallestPage == range.LargestPage
                    ? SizeText.Format(range.LargestPage)
                    : $"{SizeText.Format(range.SmallestPage)} to {SizeText.Format(range.LargestPage)}";
            string physical = range.Physical is { } start ? $"0x{start.Value:x12}" : "scattered     ";
            string mark = range.IsWritableAndExecutable ? "  WRITABLE AND EXECUTABLE" : "";
            output.Text.Append(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"0x{range.Start:x16}-0x{range.Last:x16} {SizeText.Format(range.Size), 10}  "
                        + $"{PermissionText.Format(range.Permissions)}  {physical}  pages of {pages}{mark}\n"
                )
            );
            output.FlushIfLarge();
        }
    }
}
