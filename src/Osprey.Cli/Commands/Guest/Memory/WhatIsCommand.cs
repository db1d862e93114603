using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Session.Answers.Guests.Addresses;

namespace Osprey.Cli.Commands.Guest.Memory;

/// <summary><c>osprey whatis</c>: what an address belongs to.</summary>
internal static class WhatIsCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "whatis",
            "Show what an address belongs to, the most specific first: symbol, thread, stack, heap object, mapping",
            "osprey whatis 0x400001444000         # a live guest is not paused",
            "osprey whatis sched::cpus --json"
        );
        var address = new Argument<string>("address") { Description = "A virtual address, symbol or expression" };
        command.Arguments.Add(address);
        return GuestListingCommand.Complete(
            command,
            () => PlaceShape.Shape,
            question =>
            {
                ulong wanted = question.Session.Selected.ResolveAddress(
                    question.Command.GetValue(address)!,
                    isPhysical: false
                );
                question.IsSelective = true;
                AddressPlaces places = AddressPlaces.Read(question.Session, question.Context);
                question.AddDefects(places.Defects);
                question.Footer = string.Create(CultureInfo.InvariantCulture, $"of address 0x{wanted:x}");
                return places.Find(wanted);
            },
            whenEmpty: "nothing is known of this address"
        );
    }
}
