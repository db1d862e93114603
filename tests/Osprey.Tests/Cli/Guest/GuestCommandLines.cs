namespace Osprey.Tests.Cli.Guest;

/// <summary>One or more lines for each command that looks into a guest, such that each has something to show.</summary>
internal static class GuestCommandLines
{
    /// <summary>Without the options that name the guest.</summary>
    public static IEnumerable<string[]> All(SmallGuest guest) =>
    [
        ["info"],
        ["info", "--json"],
        ["read", "banner", "40"],
        ["read", "first", "0x70", "--unit", "8"],
        ["read", "0x40201ff0", "48", "--unit", "4"],
        ["read", "0x200000", "20", "--phys", "--json"],
        ["read", "matrix", "24", "--raw"],
        ["read", "0xfffffffffffffff8", "8", "--cpu", "1"],
        ["read", "0x1000", "16", "--cr3", "1000"],
        ["read", "0x800000000000", "16"],
        ["read", "0x40202000"],
        ["symbol", "visit+4"],
        ["symbol", "0x402000c8", "--json"],
        ["symbol", "mmu::page_table_root"],
        ["symbol", "nothing"],
        ["list", "visit", "-n", "6"],
        ["list", "run", "--json", "-n", "2"],
        ["disassemble", "visit"],
        ["disassemble", "idle", "--json"],
        ["disassemble", "0x200100", "--phys", "--bits", "32", "-n", "3"],
        ["disassemble", "0x40200ff8", "-n", "30"],
        ["registers"],
        ["registers", "--cpu", "1", "--json"],
        ["registers", "--cpu", "2"],
        ["bt"],
        ["bt", "--json", "--limit", "2"],
        ["pagetable", "first"],
        ["pagetable", "0x40203000", "--json"],
        ["pagetable", "--map"],
        ["pagetable", "--map", "--merge", "--json"],
        ["type", "struct node"],
        ["type", "node", "--json"],
        ["search", "--text", "version"],
        ["search", "48??e5", "--json"],
        ["search", "--value", "0x40201060", "-n", "1"],
        ["dump", Path.Combine(guest.Folder, "copy.core"), "--force"],
        ["dump", Path.Combine(guest.Folder, "copy.core"), "--force", "--json"],
    ];
}
