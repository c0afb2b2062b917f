window.ENTREPOT_ENGINE = "server"
