window.ENTREPOT_ENGINE = { kind: 'server' }
