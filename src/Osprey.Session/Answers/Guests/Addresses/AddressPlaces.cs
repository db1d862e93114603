using System.Globalization;
using Osprey.Guests.Memory;
using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Session.Answers.Guests.Addresses;

/// <summary>Finds what addresses of a guest belong to; what that needs is read once.</summary>
public sealed class AddressPlaces
{
    private readonly GuestSession _session;
    private readonly IGuestAddressBook? _book;
    private readonly AddressSpace? _space;
    private readonly PageTablePages? _tables;
    private readonly List<string> _defects = [];

    private AddressPlaces(GuestSession session, QuestionContext context)
    {
        _session = session;
        try
        {
            _space = session.Vcpu.Space;
            _tables = PageTablePages.Read(session.Physical, _space.Paging, context.Cancellation);
        }
        catch (TargetException exception) when (exception.Problem == TargetProblem.PageTablesUnknown)
        {
            _defects.Add(exception.Message);
        }

        if (session.Os is IGuestAddresses os)
        {
            _book = os.ReadAddresses(session.Kernel, TryListThreads(session, context), context.Cancellation);
            _defects.AddRange(_book.Defects);
        }
    }

    /// <summary>The reasons why answers may be missing, in words.</summary>
    public IReadOnlyList<string> Defects => _defects;

    /// <summary>Reads what there is. A live guest is not paused.</summary>
    /// <exception cref="TargetException">The kernel is not known.</exception>
    public static AddressPlaces Read(GuestSession session, QuestionContext context)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(context);
        return new AddressPlaces(session, context);
    }

    /// <summary>Lists all that an address belongs to, the most specific first; maybe nothing.</summary>
    public IReadOnlyList<GuestPlace> Find(ulong address)
    {
        var places = new List<GuestPlace>();
        AddPrograms(places, address);
        if (_book is not null)
            places.AddRange(_book.Find(address));

        if (_space is not null && _space.Memory.TryTranslate(address, out PhysicalAddress physical))
        {
            foreach (ulong alias in _book?.FindAliases(physical.Value) ?? [])
            {
                if (alias != address)
                    AddAlias(places, alias);
            }

            if (_tables is not null && _tables.TryFind(physical, out int level, out ulong first))
                places.Add(
                    new GuestPlace(
                        GuestPlaceKind.PageTable,
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"page table of level {level}, for addresses from 0x{first:x} on"
                        ),
                        address & ~0xfffUL,
                        0x1000
                    )
                );

            if (!places.Exists(place => place.Kind == GuestPlaceKind.LinearMap))
                places.Add(
                    new GuestPlace(
                        GuestPlaceKind.Physical,
                        string.Create(CultureInfo.InvariantCulture, $"physical 0x{physical.Value:x} by page tables")
                    )
                );
        }

        return
        [
            .. places
                .DistinctBy(place => (place.Kind, place.Description, place.Start))
                .Select((place, i) => (place, i))
                .OrderBy(pair => pair.place.Kind)
                .ThenBy(pair => pair.i)
                .Select(pair => pair.place),
        ];
    }

    private static GuestThreadList? TryListThreads(GuestSession session, QuestionContext context)
    {
        try
        {
            return session.Os is IGuestThreads ? session.ListThreads(context.Cancellation) : null;
        }
        catch (TargetException exception)
            when (exception.Problem is TargetProblem.NotConfigured or TargetProblem.NotUnderstood)
        {
            return null;
        }
    }

    private void AddPrograms(List<GuestPlace> places, ulong address)
    {
        if (_session.Symbols.FindTableSymbol(address) is { } symbol)
            places.Add(
                new GuestPlace(
                    GuestPlaceKind.Symbol,
                    $"symbol {SymbolAddress.Name(address, symbol)}",
                    symbol.Address,
                    symbol.Size > 0 ? symbol.Size : null
                )
            );

        foreach (GuestModule module in _session.Programs.Modules)
        {
            if (address >= module.Start && address < module.End)
                places.Add(
                    new GuestPlace(
                        GuestPlaceKind.Program,
                        $"program {module.Path}",
                        module.Start,
                        module.End - module.Start
                    )
                );
        }
    }

    /// <summary>Adds what is known of the same physical memory by another address.</summary>
    private void AddAlias(List<GuestPlace> places, ulong alias)
    {
        string also = string.Create(CultureInfo.InvariantCulture, $", as 0x{alias:x}");
        if (_session.NameAddress(alias) is { } symbol)
            places.Add(new GuestPlace(GuestPlaceKind.Symbol, $"symbol {symbol}{also}"));

        foreach (GuestPlace place in _book!.FindByAlias(alias))
            places.Add(place with { Description = place.Description + also });
    }
}
