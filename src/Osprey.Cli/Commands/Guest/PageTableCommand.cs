using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
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
            "osprey pagetable --map                 # merged ranges with permissions; writable and executable ones marked",
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
        PageWalk walk = invocation.Session.Selected.Space.Walker.Walk(address);
        if (invocation.IsJson)
            WriteJson(invocation, walk);
        else
            WriteText(invocation, walk);

        if (walk.Outcome == PageWalkOutcome.Mapped)
            return ExitCode.Success;

        invocation.Output.Flush();
        Messages.Write("osprey: " + invocation.Session.Selected.Space.Explain(address));
        return ExitCode.Failure;
    }

    private static void WriteText(GuestInvocation invocation, PageWalk walk)
    {
        foreach (PageTableStep step in walk.Steps)
        {
            string value = step.Value is { } entry ? $"0x{entry:x16}" : "unreadable        ";
            invocation.Output.Text.Append(
                string.Create(
                        CultureInfo.InvariantCulture,
                        $"level {step.Level}  entry {step.Index, 3} at 0x{step.Address.Value:x12}  {value}  {FormatFlags(step)}"
                    )
                    .TrimEnd() + "\n"
            );
        }

        if (walk.Translation is not { } translation)
            return;

        invocation.Output.Text.Append(
            string.Create(
                CultureInfo.InvariantCulture,
                $"0x{walk.Address:x} is physical 0x{translation.Physical.Value:x}, in a page of {SizeText.Format(translation.PageSize)}, {PermissionText.Format(walk.Permissions)}\n"
            )
        );
    }

    private static string FormatFlags(PageTableStep step) =>
        step.Value is null ? "" : step.Flags.ToString().Replace(", ", " ", StringComparison.Ordinal);

    private static void WriteJson(GuestInvocation invocation, PageWalk walk) =>
        invocation.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("access"u8, invocation.Session.AccessWord);
            writer.WriteString("address"u8, $"0x{walk.Address:x}");
            writer.WriteString("outcome"u8, walk.Outcome.ToString());
            writer.WriteString(
                "physical"u8,
                walk.Translation is { } translation ? $"0x{translation.Physical.Value:x}" : null
            );
            if (walk.Translation is { } found)
                writer.WriteNumber("pageSize"u8, found.PageSize);
            else
                writer.WriteNull("pageSize"u8);

            writer.WriteString("permissions"u8, PermissionText.Format(walk.Permissions));
            writer.WriteStartArray("steps"u8);
            foreach (PageTableStep step in walk.Steps)
            {
                writer.WriteStartObject();
                writer.WriteNumber("level"u8, step.Level);
                writer.WriteNumber("index"u8, step.Index);
                writer.WriteString("address"u8, $"0x{step.Address.Value:x}");
                writer.WriteString("value"u8, step.Value is { } entry ? $"0x{entry:x}" : null);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    private static int ShowMap(GuestInvocation invocation, bool isMerged)
    {
        var map = new PageTableMap(
            invocation.Session.Physical,
            invocation.Session.Selected.Space.Paging,
            new PageTableMapOptions { SplitWherePhysicalChanges = !isMerged }
        );
        if (invocation.IsJson)
            WriteMapJson(invocation, map);
        else
            WriteMapText(invocation, map);

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

    private static void WriteMapText(GuestInvocation invocation, PageTableMap map)
    {
        foreach (PageRange range in map.Enumerate(invocation.Cancellation))
        {
            string pages =
                range.SmallestPage == range.LargestPage
                    ? SizeText.Format(range.LargestPage)
                    : $"{SizeText.Format(range.SmallestPage)} to {SizeText.Format(range.LargestPage)}";
            string physical = range.Physical is { } start ? $"0x{start.Value:x12}" : "scattered     ";
            string mark = range.IsWritableAndExecutable ? "  WRITABLE AND EXECUTABLE" : "";
            invocation.Output.Text.Append(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"0x{range.Start:x16}-0x{range.Last:x16} {SizeText.Format(range.Size), 10}  {PermissionText.Format(range.Permissions)}  {physical}  pages of {pages}{mark}\n"
                )
            );
            invocation.Output.FlushIfLarge();
        }
    }

    private static void WriteMapJson(GuestInvocation invocation, PageTableMap map) =>
        invocation.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("access"u8, invocation.Session.AccessWord);
            writer.WriteStartArray("ranges"u8);
            foreach (PageRange range in map.Enumerate(invocation.Cancellation))
            {
                writer.WriteStartObject();
                writer.WriteString("start"u8, $"0x{range.Start:x}");
                writer.WriteNumber("size"u8, range.Size);
                writer.WriteString("permissions"u8, PermissionText.Format(range.Permissions));
                writer.WriteString("physical"u8, range.Physical is { } start ? $"0x{start.Value:x}" : null);
                writer.WriteNumber("smallestPage"u8, range.SmallestPage);
                writer.WriteNumber("largestPage"u8, range.LargestPage);
                writer.WriteBoolean("writableAndExecutable"u8, range.IsWritableAndExecutable);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
}
